/** A style sheet that its package gives no types for. */
declare module '@wterm/react/css'
