/** Code systems whose codes others license: the project ships no lists of them. */
import type { CodeSystemSheet, Include, ValueSetSheet } from './sheets.ts'

const licensed = [
  /^http:\/\/snomed\.info\//,
  /^http:\/\/loinc\.org/,
  /ama-assn\.org/,
  /x12\.org/,
  /nubc\.org/i,
  /NUBC/,
  /X12/,
  /ada\.org/,
  /nucc\.org/,
  /rxnorm/i,
  /\/CPT/,
  /mediserv|whocc\.no|who\.int/,
]

/** True where the codes of a system may be shipped. */
export const mayShip = (system: string): boolean => !licensed.some((pattern) => pattern.test(system))

/** The value set without the codes that may not be shipped; their systems are named, so that membership stays open for them. */
export function shippable(sheet: ValueSetSheet): ValueSetSheet {
  const cut = (include: Include): Include => {
    if (!include.codes || include.system === undefined || mayShip(include.system)) return include
    const { codes: _codes, ...rest } = include
    return { ...rest, undisclosed: true }
  }
  const { expansion: _expansion, ...rest } = sheet
  return { ...rest, include: sheet.include.map(cut), ...(sheet.exclude && { exclude: sheet.exclude.map(cut) }) }
}

/** The code system without its codes where they may not be shipped, and without the properties that no filter asks for. */
export function shippableSystem(sheet: CodeSystemSheet, asked: ReadonlySet<string>): CodeSystemSheet {
  if (!mayShip(sheet.url)) return { ...sheet, content: 'not-present', concepts: [] }
  return {
    ...sheet,
    concepts: sheet.concepts.map(({ code, parents, properties }) => {
      const kept = Object.entries(properties ?? {}).filter(([name]) => asked.has(name))
      return { code, ...(parents && { parents }), ...(kept.length > 0 && { properties: Object.fromEntries(kept) }) }
    }),
  }
}
