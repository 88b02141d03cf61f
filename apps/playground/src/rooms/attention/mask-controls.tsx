import type { JSX } from "preact";
import { choicesOf, Group, NumberField, Segmented, Switch } from "../../ui/fields.js";
import type { PictureState } from "../picture-state.js";
import type { AttentionPicture } from "./picture.js";
import { type AttentionSettings, hidesPadding, maxPadding, maxWindow, type Order, orders, paddingToken } from "./settings.js";

const orderNames: Record<Order, string> = { all: "Bidirectional", causal: "Causal", prefix: "Prefix" };

const orderHints: Record<Order, string> = {
  all: "A query may attend to keys before and after it.",
  causal: "A query may attend only to itself and to earlier keys.",
  prefix: "Every query may attend to the prefix; the rest is causal.",
};

interface Props {
  readonly settings: PictureState<AttentionSettings, AttentionPicture>;
}

/** Which keys a query may attend to; a key must pass all chosen rules. */
export function MaskControls({ settings }: Props): JSX.Element {
  const { order, window } = settings.settings.value;
  return (
    <Group title="Mask" summary={summaryOf(settings.settings.value)}>
      <Segmented label="Order" choices={choicesOf(orders, orderNames)} {...settings.field("order")} />
      <p class="hint">{orderHints[order]}</p>
      {order === "prefix" && <NumberField label="Keys in the prefix" min={0} max={maxWindow} {...settings.field("prefix")} />}
      <Switch label="Sliding window" {...settings.field("window")} />
      {window && (
        <div class="field-row">
          <NumberField label="Left" min={0} max={maxWindow} {...settings.field("left")} />
          <NumberField label="Right" min={0} max={maxWindow} {...settings.field("right")} />
        </div>
      )}
      <NumberField label={`${paddingToken} tokens at the end`} min={0} max={maxPadding} {...settings.field("padding")} />
      {settings.settings.value.padding > 0 && <Switch label={`Mask the ${paddingToken} keys`} {...settings.field("hidePadding")} />}
    </Group>
  );
}

function summaryOf(settings: AttentionSettings): string {
  const rules = [
    settings.order === "all" ? undefined : settings.order,
    settings.window ? `window ${settings.left}|${settings.right}` : undefined,
    hidesPadding(settings) ? `${settings.padding} ${paddingToken} masked` : undefined,
  ].filter((rule) => rule !== undefined);
  return rules.length === 0 ? "none" : rules.join(", ");
}
