import { readFileSync } from 'node:fs'

/** The user to run PostgreSQL as when we are root, which it refuses: `postgres` if there is one, else `nobody`. Undefined when we are not root. */
export function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const users = new Map(
    readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .map(([name, , uid, gid]) => [name, { uid: Number(uid), gid: Number(gid) }] as const),
  )
  const user = users.get('postgres') ?? users.get('nobody')
  if (!user?.uid) throw new Error('PostgreSQL does not run as root, and there is neither a user "postgres" nor "nobody".')
  return user
}
