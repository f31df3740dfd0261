/** Lines of a run that are told from one process to another: the messages are long, and are recorded and drawn where they were said. */
import type { JournalLine } from '../harness/journal.ts'

/** The line without what nobody needs who does not show the exchange: screen and sums name it by its first line. */
export const slim = (line: JournalLine): JournalLine => {
  if (line.line !== 'exchange') return line
  const { tls: _tls, request, response, ...rest } = line.exchange
  return {
    ...line,
    exchange: {
      ...rest,
      request: { ...request, headers: [], body: '' },
      ...(response ? { response: { ...response, headers: [], body: '' } } : {}),
    },
  }
}
