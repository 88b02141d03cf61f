import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { DataTable } from "../../ui/data-table.js";
import { formatNumber, visibleToken } from "../../ui/format.js";
import { Panel } from "../../ui/panel.js";
import type { PictureProps } from "./picture-props.js";
import { topKeys } from "./read-cell.js";
import type { DrawnPicture } from "./room-state.js";

const places = ["first", "second", "third"];
const manyRows = 64;

/** The map of a head as a table that can be read, searched and copied. */
export function TopKeysPanel({ state, picture }: PictureProps): JSX.Element {
  const head = state.head.value;
  const rows = useMemo(() => <KeyRows picture={picture} head={head} />, [picture, head]);
  return (
    <Panel
      id="top-keys"
      title={`Strongest keys of head ${head}`}
      teaches="The same map as words: for every query the keys that it takes most from."
      question="Does a word that occurs twice look at the same keys both times? Its position is part of its vector."
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
