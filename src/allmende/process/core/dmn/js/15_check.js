// Texts of a whole table looked at in one go: the names that each takes from around it, or why it cannot be read.
(function (global) {
  "use strict";
  global.dmn_names = (texts, options) => ({found: texts.map(([text, known, unary]) => global.feel_names(text, known, unary)), warnings: []});
})(globalThis);
