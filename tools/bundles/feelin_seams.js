
// Appended by Allmende (tools/vendor.py); nothing above is changed. Ways to feelin's inner parts:

/** Put our evaluation of a node in front of feelin's: make(theirs) -> ours. */
export function mend(make) {
    evalNode = make(evalNode);
}

/** Parse and build: text -> fn(context). `shape` is a context that has the names which the text may use. */
export function build(unary, text, shape, sink) {
    const tree = (unary ? parseUnaryTests : parseExpression)(text, shape);
    return interpreter._buildExecutionTree(tree, text, sink).root;
}

/** The parser's tree alone. */
export function syntaxTree(unary, text, shape) {
    return (unary ? parseUnaryTests : parseExpression)(text, shape);
}

export { getFromContext, normalizeContextKey };
