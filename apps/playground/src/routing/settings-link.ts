/** How one setting is read from a link; undefined when the text is none of its values. */
export type Field<Value> = (text: string) => Value | undefined;

/** A field for each setting. */
type Fields<Settings> = { readonly [Name in keyof Settings]: Field<Settings[Name]> };

/** A whole number from least to most. */
export function whole(least: number, most: number): Field<number> {
  return (text) => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    return Number.isInteger(value) && value >= least && value <= most ? value : undefined;
  };
}

/** A number from least to most. */
export function decimal(least: number, most: number): Field<number> {
  return (text) => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    return value >= least && value <= most ? value : undefined;
  };
}

/** One of some words or numbers. */
export function oneOf<Value extends string | number>(values: readonly Value[]): Field<Value> {
  return (text) => values.find((value) => String(value) === text);
}

export const flag: Field<boolean> = (text) => ({ true: true, false: false })[text];

export const anyText: Field<string> = (text) => text;

/** The settings of a link; what is missing, of another version or out of range is the default. */
export function readSettings<Settings extends object>(
  { version, defaults, fields }: SettingsLink<Settings>,
  parameters: URLSearchParams,
): Settings {
  if (parameters.get("v") !== version) return defaults;
  const read = { ...defaults };
  for (const name of Object.keys(defaults) as (keyof Settings & string)[]) {
    const text = parameters.get(name);
    const value = text === null ? undefined : fields[name](text);
    if (value !== undefined) read[name] = value;
  }
  return read;
}

/** What differs from the defaults, as parameters of a link. */
export function writeSettings<Settings extends object>({ version, defaults }: SettingsLink<Settings>, settings: Settings): URLSearchParams {
  const parameters = new URLSearchParams({ v: version });
  for (const name of Object.keys(defaults) as (keyof Settings & string)[]) {
    if (settings[name] !== defaults[name]) parameters.set(name, String(settings[name]));
  }
  return parameters;
}

/** How the settings of a view travel in a link. */
export interface SettingsLink<Settings> {
  /** Raised when an old link would be read wrongly. */
  readonly version: string;
  readonly defaults: Settings;
  readonly fields: Fields<Settings>;
}
