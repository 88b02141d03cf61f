import type { JSX } from "preact";
import { Group, NumberField, Segmented, Switch } from "../../ui/fields.js";
import type { RoomState } from "./room-state.js";
import { type AttentionSettings, hidesPadding, mostPadding, mostWindow, type Order, paddingToken } from "./settings.js";

const orders: readonly { readonly value: Order; readonly label: string }[] = [
  { value: "all", label: "Both ways" },
  { value: "causal", label: "Causal" },
  { value: "prefix", label: "Prefix" },
];

const orderHints: Record<Order, string> = {
  all: "A query may look at keys before and after it.",
  causal: "A query may look at itself and at earlier keys only.",
  prefix: "The first keys are open to all; after them it is causal.",
};

/** Which keys a query may attend to; the rules combine. */
export function MaskControls({ state }: { readonly state: RoomState }): JSX.Element {
  const { order, prefix, window, left, right } = state.settings.value;
  return (
    <Group title="Mask" summary={summaryOf(state.settings.value)}>
      <Segmented name="order" label="Order" value={order} choices={orders} onChange={(value) => state.change({ order: value })} />
      <p class="hint">{orderHints[order]}</p>
      {order === "prefix" && (
        <NumberField
          label="Keys in the prefix"
          value={prefix}
          least={0}
          most={mostWindow}
          onChange={(value) => state.change({ prefix: value })}
        />
      )}
      <Switch label="Sliding window" checked={window} onChange={(value) => state.change({ window: value })} />
      {window && (
        <div class="field-row">
          <NumberField label="Left" value={left} least={0} most={mostWindow} onChange={(value) => state.change({ left: value })} />
          <NumberField label="Right" value={right} least={0} most={mostWindow} onChange={(value) => state.change({ right: value })} />
        </div>
      )}
      <PaddingControls state={state} />
    </Group>
  );
}

function summaryOf(settings: AttentionSettings): string {
  const rules = [
    settings.order === "all" ? undefined : settings.order,
    settings.window ? `window ${settings.left}|${settings.right}` : undefined,
    hidesPadding(settings) ? `${settings.padding} ${paddingToken} hidden` : undefined,
  ].filter((rule) => rule !== undefined);
  return rules.length === 0 ? "none" : rules.join(", ");
}

function PaddingControls({ state }: { readonly state: RoomState }): JSX.Element {
  const { padding, hidePadding } = state.settings.value;
  return (
    <>
      <NumberField
        label={`${paddingToken} tokens at the end`}
        value={padding}
        least={0}
        most={mostPadding}
        onChange={(value) => state.change({ padding: value })}
      />
      {padding > 0 && (
        <Switch label="Hide them as keys (padding mask)" checked={hidePadding} onChange={(value) => state.change({ hidePadding: value })} />
      )}
    </>
  );
}
