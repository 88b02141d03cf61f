import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { DataTable } from "../../ui/data-table.js";
import { formatNumber, visibleToken } from "../../ui/format.js";
import { Panel } from "../../ui/panel.js";
import type { PictureProps } from "./picture-props.js";
import { topKeys } from "./read-cell.js";
import type { DrawnPicture } from "./attention-state.js";

const places = ["first", "second", "third"];
const manyRows = 64;

/** The strongest keys of every query, as a table that can be searched and copied. */
export function TopKeysPanel({ state, picture }: PictureProps): JSX.Element {
  const head = state.head.value;
  const rows = useMemo(() => <KeyRows picture={picture} head={head} />, [picture, head]);
  return (
    <Panel
      id="top-keys"
      title={`Strongest keys of head ${head}`}
      teaches="The same map as a table: the keys with the largest weights for every query."
      question="Does a word that occurs twice attend to the same keys both times? Why might it not?"
    >
      <DataTable
        label={`Table of the strongest keys of head ${head}`}
        kind="top-keys"
        columns={["Query", ...places]}
        height={picture.queryTokens.length > manyRows ? "tall" : ""}
      >
        {rows}
      </DataTable>
    </Panel>
  );
}

function KeyRows({ picture, head }: { readonly picture: DrawnPicture; readonly head: number }): JSX.Element {
  return (
    <>
      {picture.queryTokens.map((token, query) => (
        <tr key={query}>
          <th scope="row">
            <Token token={token} position={query} />
          </th>
          <KeyCells picture={picture} head={head} query={query} />
        </tr>
      ))}
    </>
  );
}

function KeyCells({
  picture,
  head,
  query,
}: {
  readonly picture: DrawnPicture;
  readonly head: number;
  readonly query: number;
}): JSX.Element {
  const keys = topKeys(picture, head, query, places.length);
  return (
    <>
      {places.map((_, place) => {
        const ranked = keys[place];
        return (
          <td key={place}>
            {ranked === undefined ? (
              <span class="none">none</span>
            ) : (
              <>
                <Token token={picture.keyTokens[ranked.key]!} position={ranked.key} />{" "}
                <span class="weight">{formatNumber(ranked.weight)}</span>
              </>
            )}
          </td>
        );
      })}
    </>
  );
}

function Token({ token, position }: { readonly token: string; readonly position: number }): JSX.Element {
  const text = visibleToken(token);
  return (
    <span class="token" title={text}>
      <bdi>{text}</bdi>
      <sub>{position}</sub>
    </span>
  );
}
