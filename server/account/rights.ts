/** Who somebody is here: section 7 of the contract, in one object. */
export interface Person {
  id: string
  /** Never shown but to those whom the contract names. */
  address: string
  name: string | undefined
  locale: 'fr' | 'en'
  operator: boolean
  /** Ids of the groups they animate. */
  animates: ReadonlySet<string>
  /** Keywords of the ecosystems they keep. */
  stewards: ReadonlySet<string>
  /** Keywords of the ecosystems they help. */
  helps: ReadonlySet<string>
}

/** A group, as far as rights depend on it. */
export interface Subject {
  id: string
  origin_server: string | null
}

type Who = Person | undefined

/** Edit, archive, delete, restore the record; decide on suggestions. Never a copy from another server. */
export function mayEdit(person: Who, group: Subject): boolean {
  return group.origin_server === null && (person?.operator || person?.animates.has(group.id)) === true
}

/** Links for insiders (`administration`, `tracking`): its animators, stewards and helpers of ecosystems that list it, operators. */
export function maySeeInside(person: Who, group: Subject, ecosystems: Iterable<string>): boolean {
  if (!person) return false
  return (
    person.operator || person.animates.has(group.id) || [...ecosystems].some((keyword) => person.stewards.has(keyword) || person.helps.has(keyword))
  )
}

/** List, unlist, accept, decline in an ecosystem; edit its page, its charter, its helpers. */
export function mayKeep(person: Who, keyword: string): boolean {
  return (person?.operator || person?.stewards.has(keyword)) === true
}

/** Answer a proposal that carries these keywords. */
export function mayReview(person: Who, keywords: Iterable<string>): boolean {
  return (person?.operator || [...keywords].some((keyword) => person?.stewards.has(keyword))) === true
}

/** What only operators do. */
export function mayOperate(person: Who): boolean {
  return person?.operator === true
}
