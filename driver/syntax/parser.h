// parser.h: what the files of the scanner and the parser share; nobody else includes it.
//
// The parser is a recursive descent over one token of lookahead. It decides and recovers as gc's
// does, for only then do the messages of a broken file agree with gc's. A function named x_or_null
// gives NULL, and no error, if nothing of its kind begins at the current token; all others give a
// node always.
#ifndef GOC_SYNTAX_PARSER_H
#define GOC_SYNTAX_PARSER_H

#include "driver/syntax/syntax.h"

// A line directive in force: the character at (line, col) of the file counts as (rel_line, rel_col)
// of rel_file.
typedef struct LineBase {
  uint16_t rel_file; // 0: no directive yet
  uint32_t line;     // from 1
  size_t col;        // bytes, from 1
  uint32_t rel_line;
  size_t rel_col; // 0: columns are unknown
} LineBase;

// src <= p <= end and *end == 0. line_start is the byte that has column 1.
struct Scanner {
  const char *src, *p, *end;
  const char *line_start;
  uint32_t line; // of p, not counting directives
  uint16_t file;
  bool nlsemi; // a newline here is a semicolon
  bool blank;  // nothing but white space before the token (or comment) on its line
  LineBase base;
  bool quiet;       // count errors, do not report them
  Pos open_comment; // where the comment begins in which the source ends
  int nerrors;      // reported by scanner and parser
  CommentFn comment;
  void *comment_ctx;
};

void scan_init(Scanner *s, uint16_t file, const char *src, size_t len, CommentFn comment,
               void *ctx);
void scan_token(Scanner *s, Token *t);

// Pragmas not in syntax.h, which nobody acts upon but which may only stand before functions; and
// //go:build.
enum {
  PRAGMA_OTHER = 1 << 20,
  PRAGMA_BUILD = 1 << 21,
  PRAGMA_FUNCS = PRAGMA_NOINLINE | PRAGMA_NOESCAPE | PRAGMA_NOSPLIT | PRAGMA_UINTPTRESCAPES |
                 PRAGMA_UINTPTRKEEPALIVE | PRAGMA_NORACE | PRAGMA_SYSTEMSTACK |
                 PRAGMA_NOWRITEBARRIER | PRAGMA_OTHER,
};
typedef struct PragmaPos {
  unsigned flag;
  Pos pos;
} PragmaPos;

// Directives read but not yet attached to a declaration.
typedef struct Pragmas {
  unsigned flags;
  VEC(PragmaPos) at;
  EmbedList embeds;
} Pragmas;

// What gc's checker says, not its parser: reported only if the file has no syntax error.
typedef struct LateError {
  Pos pos;
  const char *msg;
} LateError;

typedef struct Parser {
  Arena *a;
  Scanner s;
  Token t; // the current token
  File *file;
  Pragmas pragmas;
  int fnest; // functions around the current token
  int xnest; // > 0 inside of parentheses; -1 in the header of if, for, switch, where T{ opens the
             // body
  int depth; // of recursion, see parse_enter
  VEC(LateError) late;
  int ngroups; // parenthesised declaration groups so far
} Parser;

// How deep the source may nest, and how long a chain like a+b+… or a.b.c… may be: trees are walked
// recursively.
enum { MAX_DEPTH = 2000, MAX_CHAIN = 20000 };

// ---- parser.c: tokens, errors, resynchronisation
void parse_next(Parser *p);
bool parse_got(Parser *p, Tok t);  // consumes t if it is the current token
void parse_want(Parser *p, Tok t); // consumes t or complains
bool parse_got_assign(Parser *p);  // "=", and ":=" with a complaint
void parse_error_at(Parser *p, Pos pos, const char *fmt, ...) PRINTF(3, 4);
void parse_late_error(Parser *p, Pos pos, const char *fmt, ...) PRINTF(3, 4);
void parse_report_late(Parser *p);
// msg: "expected x", "in x", "at x", "after x" follow "unexpected <token>"; any other text stands
// alone.
void parse_syntax_error_at(Parser *p, Pos pos, const char *msg);
void parse_syntax_error(Parser *p, const char *msg); // at the current token
void parse_syntax_errorf(Parser *p, const char *fmt, ...) PRINTF(2, 3);
const char *parse_tok_words(Tok t); // for messages: "comma", "semicolon or newline", "("
bool parse_is_operator(Tok t);      // of gc's token class "operator", which lacks "*"
// Skips to one of the tokens given, or a keyword that begins a statement (inside of functions).
#define parse_advance(p, ...)                                                                      \
  parse_skip_to((p), (const Tok[]){__VA_ARGS__}, LEN(((const Tok[]){__VA_ARGS__})))
void parse_skip_to(Parser *p, const Tok *follow, size_t n);
// Counts a level of recursion; false, after an error and at the end of the source, if there are too
// many.
bool parse_enter(Parser *p);
void parse_leave(Parser *p);
void parse_too_deep(Parser *p);

// list = [ elem { sep elem } [ sep ] ] close .   elem gives true when nothing may follow it.
// Returns close's position.
typedef bool (*ElemFn)(Parser *p, void *ctx);
Pos parse_list(Parser *p, const char *context, Tok sep, Tok close, ElemFn elem, void *ctx);

Expr *parse_new_expr(Parser *p, ExprKind kind, Pos pos);
Stmt *parse_new_stmt(Parser *p, StmtKind kind, Pos pos);
Expr *parse_bad_expr(Parser *p);
Expr *parse_new_name(Parser *p, Pos pos, Atom id);
Expr *parse_name(Parser *p);
ExprList parse_name_list(Parser *p, Expr *first);

// ---- pragma.c
void parse_directive(void *parser, Pos pos, const char *text, size_t len); // a CommentFn
// Moves what has been read to d; allowed: flags that may stand there.
void parse_take_pragmas(Parser *p, Decl *d, unsigned allowed);
void parse_clear_pragmas(Parser *p); // complains about what has been read
void parse_drop_pragmas(Parser *p, unsigned allowed);
void parse_check_linknames(Parser *p);

// ---- decl.c
typedef enum { SPEC_IMPORT, SPEC_CONST, SPEC_TYPE, SPEC_VAR } SpecKind;
void parse_group(Parser *p, DeclList *list, SpecKind kind);
Stmt *parse_func_body(Parser *p);

// ---- typeexpr.c
Expr *parse_type(Parser *p);
Expr *parse_type_or_null(Parser *p);
Expr *
parse_func_type(Parser *p,
                const char *context); // after "func"; context != NULL: no type parameters here
Expr *parse_array_type(Parser *p, Pos pos, Expr *len); // after "["; len may be NULL
Expr *parse_slice_type(Parser *p, Pos pos);            // after "[]"
Expr *parse_qualified_name(Parser *p, Expr *name);
// The parameters behind the opening parenthesis. name and type, if any, have been read already.
FieldList parse_params(Parser *p, Expr *name, Expr *type, Tok close, bool tparams);
// List of types; the first may be any expression unless strict. *comma: there was one.
ExprList parse_type_list(Parser *p, bool strict, bool *comma);
Expr *parse_literal_or_null(Parser *p);

// ---- expr.c
Expr *parse_expr(Parser *p);
ExprList parse_expr_list(Parser *p);
Expr *parse_binary(Parser *p, Expr *x, int prec);
Expr *parse_primary(Parser *p, Expr *x, bool keep_parens);

// ---- stmt.c
Stmt *parse_block(Parser *p, const char *context);

// ---- branch.c
void check_branches(Parser *p, Stmt *body);

#endif
