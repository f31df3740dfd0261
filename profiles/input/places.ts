/** From the expression of a finding to line and column: FHIRPath steps to JSON properties, looked up in the text. */

/** Both count from 1. */
export interface Place {
  readonly line: number
  readonly column: number
}
/** A property, or an index in a list. */
export type Step = string | number

const step = /\.?(?:`([^`]+)`|([A-Za-z_]\w*))(?:\.ofType\(([A-Za-z]\w*)\))?|\[(\d+)\]/y

/** The steps below the root: `Observation.value.ofType(Quantity).code` is valueQuantity, code. */
export function stepsOf(expression: string): readonly Step[] {
  const steps: Step[] = []
  step.lastIndex = 0
  for (let found = step.exec(expression); found; found = step.exec(expression)) {
    const [, quoted, name, type, index] = found
    if (index !== undefined) steps.push(Number(index))
    else steps.push(`${quoted ?? name}${type === undefined ? '' : type.charAt(0).toUpperCase() + type.slice(1)}`)
    if (step.lastIndex >= expression.length) break
  }
  return steps.slice(1)
}

/** Steps that are asked for, as a tree; each node learns where its value begins. */
interface Wanted {
  at: number
  readonly inner: Map<Step, Wanted>
}
const wanted = (): Wanted => ({ at: -1, inner: new Map() })

/** The place of each expression in the text of a JSON document that is known to be well-formed: of what is missing, the nearest around it. */
export function placesInJson(text: string, expressions: readonly string[]): Place[] {
  const root = wanted()
  const asked = expressions.map((expression) => {
    const path: Wanted[] = [root]
    for (const each of stepsOf(expression)) {
      const { inner } = path.at(-1) as Wanted
      let next = inner.get(each)
      if (!next) {
        next = wanted()
        inner.set(each, next)
      }
      path.push(next)
    }
    return path
  })
  new Seeker(text).value(root)
  const ends = asked.map((path) => path.findLast(({ at }) => at !== -1)?.at ?? 0)
  return placesAt(text, ends)
}

/** Lines and columns of several offsets, in one pass. */
function placesAt(text: string, offsets: readonly number[]): Place[] {
  const places: Place[] = []
  const order = offsets.map((_, index) => index).sort((a, b) => (offsets[a] as number) - (offsets[b] as number))
  let line = 1
  let start = 0
  for (const index of order) {
    const offset = offsets[index] as number
    for (let next = text.indexOf('\n', start); next !== -1 && next < offset; next = text.indexOf('\n', start)) {
      line++
      start = next + 1
    }
    places[index] = { line, column: offset - start + 1 }
  }
  return places
}

/** Runs over the text once and notes where the wanted values are. */
class Seeker {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  /** One value; of `want` it notes the beginning, unless the property did before. */
  value(want: Wanted | undefined, from = -1): void {
    this.#space()
    if (want && want.at === -1) want.at = from === -1 ? this.#at : from
    const first = this.#text[this.#at]
    if (first === '{') this.#object(want)
    else if (first === '[') this.#list(want)
    else if (first === '"') this.#string()
    else while (this.#at < this.#text.length && !',]} \n\r\t'.includes(this.#text[this.#at] as string)) this.#at++
  }

  #object(want: Wanted | undefined): void {
    this.#at++
    for (this.#space(); this.#text[this.#at] === '"'; this.#space()) {
      const begin = this.#at
      const raw = this.#string()
      this.#space()
      this.#at++
      // The id and extensions of a primitive stand under its name with an underscore.
      const inner = want?.inner.get(raw) ?? (raw.startsWith('_') ? want?.inner.get(raw.slice(1)) : undefined)
      this.value(inner, begin)
      this.#space()
      if (this.#text[this.#at] === ',') this.#at++
    }
    this.#at++
  }

  #list(want: Wanted | undefined): void {
    this.#at++
    let index = 0
    for (this.#space(); this.#at < this.#text.length && this.#text[this.#at] !== ']'; this.#space()) {
      this.value(want?.inner.get(index++))
      this.#space()
      if (this.#text[this.#at] === ',') this.#at++
    }
    this.#at++
  }

  /** Steps over a string; its raw content. */
  #string(): string {
    const start = ++this.#at
    for (let unit = this.#text[this.#at]; unit !== '"' && unit !== undefined; unit = this.#text[this.#at])
      this.#at += unit === '\\' ? 2 : 1
    return this.#text.slice(start, this.#at++)
  }

  #space(): void {
    for (;;) {
      const unit = this.#text.charCodeAt(this.#at)
      if (unit !== 32 && unit !== 10 && unit !== 13 && unit !== 9) return
      this.#at++
    }
  }
}
