/** Where a customer stands in the relationship, in order. */
export const stages = ["stranger", "contact", "buyer", "repeat", "lost"] as const

/** How a member and a customer stand to each other. */
export const ownershipStates = ["mutual", "half", "deleted_by_customer", "deleted_by_member", "transferred"] as const
