/** The numbers that the validator promises, measured and held to their floors; printed as one table at the end. */

interface Promised {
  readonly what: string
  readonly measured: number
  readonly bound: 'at least' | 'at most'
  readonly floor: number
  readonly unit: string
}

export class Numbers {
  readonly #lines: Promised[] = []

  note(what: string, measured: number, bound: Promised['bound'], floor: number, unit: string): void {
    this.#lines.push({ what, measured, bound, floor, unit })
  }

  get broken(): number {
    return this.#lines.filter((line) => !isKept(line)).length
  }

  /** One line for each. */
  table(): string[] {
    const text = (value: number): string =>
      value < 10 ? value.toFixed(2) : value < 1000 ? value.toFixed(1) : Math.round(value).toLocaleString('en')
    return this.#lines.map((line) => {
      const { what, measured, bound, floor, unit } = line
      const mark = isKept(line) ? 'kept  ' : 'BROKEN'
      return `  ${mark} ${what.padEnd(56)}${`${text(measured)}${unit}`.padStart(18)}   ${bound} ${text(floor)}${unit}`
    })
  }
}

const isKept = ({ measured, bound, floor }: Promised): boolean =>
  bound === 'at least' ? measured >= floor : measured <= floor
