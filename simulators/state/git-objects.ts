/** Objects of git as a bare repository holds them: blobs, trees and commits, each named by the SHA-1 of what it says (gitformat-loose). */
import { createHash } from 'node:crypto'

export interface GitObject {
  /** 40 hex digits. */
  readonly id: string
  /** Header and content, not deflated yet. */
  readonly bytes: Buffer
}

const object = (kind: 'blob' | 'tree' | 'commit', content: Buffer): GitObject => {
  const bytes = Buffer.concat([Buffer.from(`${kind} ${content.length}\0`), content])
  return { id: createHash('sha1').update(bytes).digest('hex'), bytes }
}

export const blob = (text: string): GitObject => object('blob', Buffer.from(text))

export interface TreeEntry {
  readonly name: string
  readonly id: string
  /** The id is that of a tree; else of a blob. */
  readonly folder?: boolean
}

/** A folder. Git sorts by bytes, and a folder as if its name ended in a slash. */
export function tree(entries: readonly TreeEntry[]): GitObject {
  const sorted = entries
    .map((entry) => ({ ...entry, at: Buffer.from(entry.folder ? `${entry.name}/` : entry.name) }))
    .sort((one, other) => Buffer.compare(one.at, other.at))
  const rows = sorted.flatMap(({ name, id, folder }) => [
    Buffer.from(`${folder ? '40000' : '100644'} ${name}\0`),
    Buffer.from(id, 'hex'),
  ])
  return object('tree', Buffer.concat(rows))
}

export interface Author {
  readonly name: string
  readonly email: string
}

export interface Commit {
  readonly tree: string
  readonly parents: readonly string[]
  readonly author: Author
  readonly committer: Author
  /** Seconds since 1970. */
  readonly at: number
  readonly message: string
}

export function commit({ tree, parents, author, committer, at, message }: Commit): GitObject {
  const by = ({ name, email }: Author): string => `${plain(name) || 'nobody'} <${plain(email)}> ${at} +0000`
  const lines = [
    `tree ${tree}`,
    ...parents.map((id) => `parent ${id}`),
    `author ${by(author)}`,
    `committer ${by(committer)}`,
    '',
    `${message.replaceAll('\0', ' ').trimEnd()}\n`,
  ]
  return object('commit', Buffer.from(lines.join('\n')))
}

/** Without the characters that end a name or a line: a name may come from whoever publishes. */
const plain = (text: string): string => text.replace(/\s*[<>\p{Cc}]+\s*/gu, ' ').trim()
