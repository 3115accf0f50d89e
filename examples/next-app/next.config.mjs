/** Nothing that the panel needs: Next as it comes. */
export default {}
