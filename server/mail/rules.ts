import { join } from 'node:path'
import type { Config } from '../config.ts'
import type { Random } from '../text/random.ts'

/** A part of a mail's text: a paragraph, what somebody else wrote, or a link with the words before it. */
export interface Block {
  kind: 'paragraph' | 'quote' | 'link'
  lines: string[]
  url: string | undefined
}

/** What went wrong with one try. `reason` may hold addresses: for operators, not for logs. */
export interface Failure {
  /** This address or this text will be refused again. */
  permanent: boolean
  reason: string
  /** `451 RCPT TO`, `ETIMEDOUT`. */
  sign: string
}

/** Where mails are written when no server takes them. */
export function outboxOf({ dataDir }: Pick<Config, 'dataDir'>): string {
  return join(dataDir, 'outbox')
}

const waits = [1, 5, 30, 120, 360, 720, 1440, 1440].map((minutes) => minutes * 60_000)

/** When to try again after so many tries in vain, a little earlier or later; undefined after about three days. ISO times. */
export function retryAt(tries: number, now: Date, random: Random): string | undefined {
  const wait = waits[tries - 1]
  return wait === undefined ? undefined : new Date(now.getTime() + wait * (0.9 + 0.2 * random())).toISOString()
}

/**
 * What an SMTP client's error means. Only a recipient or a text that is refused for good (5xx) is hopeless; anything else may be
 * a server that is away, busy, suspicious of newcomers (4xx), or a setting that the operator can mend.
 */
export function toFailure(error: unknown): Failure {
  const { message, code, responseCode, command } = error as { message?: string; code?: string; responseCode?: number; command?: string }
  const permanent = responseCode !== undefined && responseCode >= 500 && responseCode !== 503 && ['RCPT TO', 'DATA'].includes(command ?? '')
  const sign = [responseCode ?? code ?? 'unknown', responseCode === undefined ? undefined : command].filter(Boolean).join(' ')
  return { permanent, reason: oneLine(message ?? String(error)).slice(0, 500), sign }
}

/** The parts of a mail's text. A line that is an address of its own is a link; the line before it says where it leads. */
export function toBlocks(text: string): Block[] {
  return text
    .trim()
    .split(/\n{2,}/)
    .map(toBlock)
}

function toBlock(paragraph: string): Block {
  const lines = paragraph.split('\n')
  if (lines.every((line) => line.startsWith('>'))) return { kind: 'quote', lines: lines.map((line) => line.slice(1).trimStart()), url: undefined }
  const url = lines.at(-1)!
  if (!isAddress(url)) return { kind: 'paragraph', lines, url: undefined }
  const words = lines.slice(0, -1).map((line) => line.replace(/\s*:$/, ''))
  return { kind: 'link', lines: words, url }
}

function isAddress(line: string): boolean {
  return /^https?:\/\/\S+$/.test(line) && URL.canParse(line)
}

/** On one line, whatever was in it. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim()
}
