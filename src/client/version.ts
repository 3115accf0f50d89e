/** The version of the package, as bug reports name it; a test holds it to package.json. */
export const VERSION = '0.1.0'
