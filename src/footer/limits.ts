// How large footers may become, in characters (UTF-16 code units).

/** What a footer may grow to by its substitutions: four times what its file may hold. */
export const SUBSTITUTED_LIMIT: i32 = 256 * 1024;

/** What a derived half may grow to by its markup; past this, something other than a footer is in the file. */
export const DERIVED_LIMIT: i32 = 4 * SUBSTITUTED_LIMIT;
