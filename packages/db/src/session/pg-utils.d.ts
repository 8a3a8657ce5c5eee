declare module 'pg/lib/utils' {
  const utils: {
    /** A parameter as the driver sends it: text, bytes or null. */
    prepareValue(value: unknown): string | Buffer | null;
  };
  export default utils;
}
