/** Reads one setting from a link; undefined if the text is not a valid value. */
export type Field<Value> = (text: string) => Value | undefined;

/** A reader for each setting. */
type Fields<Settings> = { readonly [Name in keyof Settings]: Field<Settings[Name]> };

/** An integer from `min` to `max`. */
export function whole(min: number, max: number): Field<number> {
  return (text) => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    return Number.isInteger(value) && value >= min && value <= max ? value : undefined;
  };
}

/** A number from `min` to `max`. */
export function decimal(min: number, max: number): Field<number> {
  return (text) => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    return value >= min && value <= max ? value : undefined;
  };
}

/** One of several values. */
export function oneOf<Value extends string | number>(values: readonly Value[]): Field<Value> {
  return (text) => values.find((value) => String(value) === text);
}

export const flag: Field<boolean> = (text) => ({ true: true, false: false })[text];

export const anyText: Field<string> = (text) => text;

/** The settings of a link. Missing and invalid values take their defaults. */
export function readSettings<Settings extends object>({ defaults, fields }: SettingsLink<Settings>, parameters: URLSearchParams): Settings {
  const read = { ...defaults };
  for (const name of Object.keys(defaults) as (keyof Settings & string)[]) {
    const text = parameters.get(name);
    const value = text === null ? undefined : fields[name](text);
    if (value !== undefined) read[name] = value;
  }
  return read;
}

/** The settings that differ from the defaults, as parameters of a link. */
export function writeSettings<Settings extends object>({ defaults }: SettingsLink<Settings>, settings: Settings): URLSearchParams {
  const parameters = new URLSearchParams();
  for (const name of Object.keys(defaults) as (keyof Settings & string)[]) {
    if (settings[name] !== defaults[name]) parameters.set(name, String(settings[name]));
  }
  return parameters;
}

/** How the settings of a view are stored in a link. */
export interface SettingsLink<Settings> {
  readonly defaults: Settings;
  readonly fields: Fields<Settings>;
}
