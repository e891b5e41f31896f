// People, and what they send each other.

export interface PersonRow {
  id: string
  /** In lower case. Never shown but to those whom section 7 of the contract names. */
  address: string
  /** The name they chose to show. */
  name: string | null
  locale: 'fr' | 'en'
  operator: number
  created_at: string
  seen_at: string | null
}

/** A link sent by mail: valid once, until it expires. */
export interface MailedLinkRow {
  hash: string
  purpose: string
  address: string
  /** JSON of what the click confirms. */
  payload: string | null
  created_at: string
  expires_at: string
  used_at: string | null
}

export interface SessionRow {
  hash: string
  /** What the list of one's sessions names it by. */
  id: string
  person_id: string
  /** The browser and system, in two words. */
  agent: string | null
  created_at: string
  seen_at: string
  expires_at: string
}

/** A mail to send: its view under views/mail/ and the JSON of its model, made into text when it leaves. */
export interface MailRow {
  id: string
  address: string
  locale: 'fr' | 'en'
  view: string
  model: string
  reply_to: string | null
  state: 'queued' | 'sent' | 'failed'
  attempts: number
  due_at: string
  claimed_until: string | null
  error: string | null
  created_at: string
  ended_at: string | null
}

export interface ProposalRow {
  id: string
  person_id: string | null
  /** JSON of the record as proposed. */
  record: string
  state: 'unconfirmed' | 'waiting' | 'asked' | 'accepted' | 'declined'
  /** To those who review. */
  message: string | null
  /** Their question or reason. */
  answer: string | null
  group_id: string | null
  created_at: string
  updated_at: string
  decided_by: string | null
  revision: number
}

export interface SuggestionRow {
  id: string
  group_id: string
  kind: 'correction' | 'dead' | 'duplicate' | 'not-a-group' | 'charter'
  /** Forgotten once decided. */
  address: string | null
  locale: 'fr' | 'en'
  message: string | null
  /** Short name of the group that this one is a duplicate of. */
  duplicate_of: string | null
  /** JSON of the fields as they should be, those not taken yet: a merge patch of the record. */
  changes: string | null
  /** JSON list of the fields that were taken. */
  taken: string | null
  /** The revision that the visitor saw. */
  group_revision: number
  state: 'unconfirmed' | 'open' | 'accepted' | 'declined'
  created_at: string
  decided_at: string | null
  decided_by: string | null
}

export interface LetterRow {
  id: string
  group_id: string
  address: string
  name: string
  locale: 'fr' | 'en'
  /** The wanted role that the writer offers to take. */
  role: string | null
  text: string
  state: 'unconfirmed' | 'sent' | 'answered'
  created_at: string
  answered_at: string | null
  answered_by: string | null
}
