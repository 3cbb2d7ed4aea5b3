/** Where a customer stands in the relationship, in order. */
export const stages = ["stranger", "contact", "buyer", "repeat", "lost"] as const
