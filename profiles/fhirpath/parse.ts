/** FHIRPath text -> syntax tree (the grammar of FHIRPath 2.0, http://hl7.org/fhirpath/N1/grammar.html). */

export type Syntax =
  | { readonly kind: 'literal'; readonly type: string; readonly value: unknown; readonly unit?: string }
  | { readonly kind: 'empty' }
  | { readonly kind: 'this' | 'index' | 'total' }
  | { readonly kind: 'external'; readonly name: string }
  | { readonly kind: 'member'; readonly target: Syntax | undefined; readonly name: string }
  | {
      readonly kind: 'call'
      readonly target: Syntax | undefined
      readonly name: string
      readonly args: readonly Syntax[]
    }
  | { readonly kind: 'at'; readonly target: Syntax; readonly index: Syntax }
  | { readonly kind: 'negative'; readonly operand: Syntax }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Syntax; readonly right: Syntax }
  | { readonly kind: 'type'; readonly operator: 'is' | 'as'; readonly operand: Syntax; readonly type: string }

type Kind = 'number' | 'string' | 'date' | 'word' | 'quoted' | 'external' | 'symbol' | 'end'
interface Token {
  readonly kind: Kind
  readonly text: string
  readonly at: number
}

const pattern =
  /(\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)|(@T?[0-9][0-9:.T+Z-]*)|([0-9]+(?:\.[0-9]+)?)|'((?:[^'\\]|\\.)*)'|`((?:[^`\\]|\\.)*)`|%([A-Za-z_][\w-]*|`[^`]*`|'[^']*')|(\$?[A-Za-z_]\w*)|(<=|>=|!=|!~|[-+*/&|=~<>.,()[\]{}])/gy

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f' }
const unescaped = (text: string): string =>
  text.includes('\\')
    ? text.replace(/\\(u[0-9A-Fa-f]{4}|.)/g, (_, code: string) =>
        code.length === 5 ? String.fromCharCode(Number.parseInt(code.slice(1), 16)) : (escapes[code] ?? code),
      )
    : text

/** A text that is no FHIRPath. */
export class SyntaxTrouble extends Error {}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < text.length) {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (!found) throw new SyntaxTrouble(`Unexpected "${text.slice(at, at + 10)}" at character ${at + 1}`)
    const [whole, space, date, number, string, quoted, external, word, symbol] = found
    if (space === undefined) {
      if (date !== undefined) tokens.push({ kind: 'date', text: date.slice(1), at })
      else if (number !== undefined) tokens.push({ kind: 'number', text: number, at })
      else if (string !== undefined) tokens.push({ kind: 'string', text: unescaped(string), at })
      else if (quoted !== undefined) tokens.push({ kind: 'quoted', text: unescaped(quoted), at })
      else if (external !== undefined) tokens.push({ kind: 'external', text: external.replace(/^[`']|[`']$/g, ''), at })
      else if (word !== undefined) tokens.push({ kind: 'word', text: word, at })
      else tokens.push({ kind: 'symbol', text: symbol as string, at })
    }
    at += whole.length
  }
  tokens.push({ kind: 'end', text: 'the end', at: text.length })
  return tokens
}

/** Binary operators by precedence, loosest first; `is` and `as` sit between `|` and `+`. */
const levels: ReadonlyMap<string, number> = new Map(
  [
    ['implies'],
    ['or', 'xor'],
    ['and'],
    ['in', 'contains'],
    ['=', '~', '!=', '!~'],
    ['<=', '<', '>', '>='],
    ['|'],
    ['is', 'as'],
    ['+', '-', '&'],
    ['*', '/', 'div', 'mod'],
  ].flatMap((operators, level) => operators.map((operator): [string, number] => [operator, level])),
)
const timeUnits = /^(year|month|week|day|hour|minute|second|millisecond)s?$/

/** The tree of an expression. Throws SyntaxTrouble. */
export function parse(text: string): Syntax {
  const tokens = tokensOf(text)
  let at = 0
  const peek = (): Token => tokens[at] as Token
  const next = (): Token => tokens[at++] as Token
  const isSymbol = (symbol: string): boolean => peek().kind === 'symbol' && peek().text === symbol
  const accept = (symbol: string): boolean => {
    if (!isSymbol(symbol)) return false
    at++
    return true
  }
  const trouble = (wanted: string): SyntaxTrouble =>
    new SyntaxTrouble(`Expected ${wanted} but found "${peek().text}" at character ${peek().at + 1}`)
  const expect = (symbol: string): void => {
    if (!accept(symbol)) throw trouble(`"${symbol}"`)
  }

  // Precedence climbing: after an operator, any operator that binds at least as tightly as the caller asks may follow.
  const expression = (least: number): Syntax => {
    let left = polarity()
    for (;;) {
      const token = peek()
      const level = token.kind === 'symbol' || token.kind === 'word' ? levels.get(token.text) : undefined
      if (level === undefined || level < least) return left
      at++
      left =
        token.text === 'is' || token.text === 'as'
          ? { kind: 'type', operator: token.text, operand: left, type: typeName() }
          : { kind: 'binary', operator: token.text, left, right: expression(level + 1) }
    }
  }
  const typeName = (): string => {
    const first = next()
    if (first.kind !== 'word' && first.kind !== 'quoted')
      throw new SyntaxTrouble(`Expected a type but found "${first.text}"`)
    return accept('.') ? `${first.text}.${next().text}` : first.text
  }
  const polarity = (): Syntax => {
    if (accept('-')) return { kind: 'negative', operand: polarity() }
    if (accept('+')) return polarity()
    return invocations()
  }
  const invocations = (): Syntax => {
    let left = term()
    for (;;) {
      if (accept('.')) left = invocation(left)
      else if (accept('[')) {
        left = { kind: 'at', target: left, index: expression(0) }
        expect(']')
      } else return left
    }
  }
  const invocation = (target: Syntax | undefined): Syntax => {
    const token = next()
    if (token.kind === 'word' && token.text === '$this') return target ?? { kind: 'this' }
    if (token.kind !== 'word' && token.kind !== 'quoted') {
      at--
      throw trouble('a name')
    }
    if (!accept('(')) return { kind: 'member', target, name: token.text }
    const args: Syntax[] = []
    if (!accept(')')) {
      do args.push(expression(0))
      while (accept(','))
      expect(')')
    }
    return { kind: 'call', target, name: token.text, args }
  }
  const term = (): Syntax => {
    const token = peek()
    switch (token.kind) {
      case 'number': {
        at++
        const value = Number(token.text)
        const unit = peek()
        if (unit.kind === 'string' || (unit.kind === 'word' && timeUnits.test(unit.text))) {
          at++
          return { kind: 'literal', type: 'Quantity', value, unit: unit.text }
        }
        return { kind: 'literal', type: token.text.includes('.') ? 'decimal' : 'integer', value }
      }
      case 'string':
        at++
        return { kind: 'literal', type: 'string', value: token.text }
      case 'date':
        at++
        if (token.text.startsWith('T')) return { kind: 'literal', type: 'time', value: token.text.slice(1) }
        return {
          kind: 'literal',
          type: token.text.includes('T') ? 'dateTime' : 'date',
          value: token.text.replace(/T$/, ''),
        }
      case 'external':
        at++
        return { kind: 'external', name: token.text }
      case 'symbol':
        if (accept('(')) {
          const inner = expression(0)
          expect(')')
          return inner
        }
        if (accept('{')) {
          expect('}')
          return { kind: 'empty' }
        }
        throw trouble('an expression')
      case 'word':
        if (token.text === 'true' || token.text === 'false') {
          at++
          return { kind: 'literal', type: 'boolean', value: token.text === 'true' }
        }
        if (token.text === '$this' || token.text === '$index' || token.text === '$total') {
          at++
          return { kind: token.text.slice(1) as 'this' }
        }
        return invocation(undefined)
      case 'quoted':
        return invocation(undefined)
      default:
        throw trouble('an expression')
    }
  }

  const tree = expression(0)
  if (peek().kind !== 'end') throw trouble('the end')
  return tree
}
