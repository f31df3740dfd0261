/** The options of `validate`, as the command line gives them. */

export const formats = ['text', 'json', 'operationoutcome', 'junit'] as const
export const engines = ['vitruvian', 'hl7', 'both'] as const

export interface ValidateOptions {
  readonly profile?: readonly string[]
  readonly ig?: readonly string[]
  readonly download?: boolean
  readonly registry?: string
  readonly edition?: string
  readonly references?: boolean
  readonly tx?: string
  readonly txCache?: string
  readonly txTimeout?: number
  readonly format: (typeof formats)[number]
  readonly mustSupport?: boolean
  readonly threads?: number
  readonly verbose?: boolean
  readonly unknownExtensions: 'error' | 'warning' | 'information' | 'ignore'
  readonly engine: (typeof engines)[number]
  readonly jar?: string
  readonly packages?: string
}

/** What decides how resources are judged. */
export type SetupOptions = Pick<
  ValidateOptions,
  | 'references'
  | 'tx'
  | 'txCache'
  | 'txTimeout'
  | 'profile'
  | 'ig'
  | 'download'
  | 'registry'
  | 'edition'
  | 'format'
  | 'mustSupport'
  | 'verbose'
  | 'unknownExtensions'
>
