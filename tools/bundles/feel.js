// What the sandbox of FEEL loads first: the parser and the tree builder of feelin, and exact decimal numbers.
import { build, mend, getFromContext, normalizeContextKey, syntaxTree } from "feelin";
import Decimal from "decimal.js";
globalThis.feelin = { build, mend, getFromContext, normalizeContextKey, syntaxTree };
globalThis.Decimal = Decimal;
