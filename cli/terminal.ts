/** The terminal, if there is one: whether it shows colours, and how wide it is. */

/** Where words are written to. */
interface Out {
  readonly isTTY?: boolean
  readonly columns?: number
}

/** Are words coloured there? On a terminal that can, and where FORCE_COLOR asks for it; NO_COLOR (no-color.org) forbids it. */
export function coloured(out: Out, env: Readonly<Record<string, string | undefined>> = process.env): boolean {
  const { NO_COLOR: none, FORCE_COLOR: forced, TERM: kind } = env
  if (none) return false
  if (forced) return forced !== '0' && forced !== 'false'
  return out.isTTY === true && kind !== 'dumb'
}

/** Characters of a line: where nobody looks, in a file or a pipe, as many as every terminal once had. */
export const widthOf = ({ isTTY, columns }: Out): number => (isTTY && columns ? columns : 80)
