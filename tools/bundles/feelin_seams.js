
// Appended by Allmende (tools/vendor.py); nothing above is changed. Ways to feelin's inner parts:

/** Put our evaluation of a node in front of feelin's: make(theirs) -> ours. */
export function mend(make) {
    evalNode = make(evalNode);
}

// A parser knows the names of one shape; the shapes of an expression's surroundings are few and last.
const parsers = new WeakMap();

/** The parser's tree. `shape` is a context that has the names which the text may use; it must not change. */
export function syntaxTree(unary, text, shape) {
    let pair = parsers.get(shape);
    if (!pair) {
        pair = [];
        parsers.set(shape, pair);
    }
    const top = unary ? 'UnaryTests' : 'Expression';
    pair[Number(unary)] ??= parser.configure({ top, contextTracker: trackVariables(shape) });
    return pair[Number(unary)].parse(text);
}

/** Parse and build: text -> fn(context). */
export function build(unary, text, shape, sink) {
    return interpreter._buildExecutionTree(syntaxTree(unary, text, shape), text, sink).root;
}

export { getFromContext, normalizeContextKey };
