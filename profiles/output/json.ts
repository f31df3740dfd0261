/** One JSON document, written while it grows: resources with findings, statements that were not decided, totals. */
import type { Output } from './output.ts'

/** The format. */
export function jsonOutput(): Output {
  let first = true
  const opening = '{"resources":['
  return {
    take(reports) {
      let text = ''
      for (const report of reports) {
        text += `${first ? opening : ','}\n${JSON.stringify(report)}`
        first = false
      }
      return text
    },
    end({ totals, alike, coverage, milliseconds }) {
      const rest = {
        information: alike,
        ...(coverage.length > 0 && {
          mustSupport: coverage.map(({ profile, resources, elements }) => ({
            profile,
            resources,
            elements: elements.map(([id, seen]) => ({ id, seen })),
          })),
        }),
        totals,
        milliseconds: Math.round(milliseconds),
      }
      return `${first ? opening : '\n'}],${JSON.stringify(rest).slice(1)}\n`
    },
  }
}
