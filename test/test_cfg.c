// test_cfg.c: cycles and liveness of the control flow graph, on functions written as IR.
#include "pass/internal.h"
#include <check.h>
#include <llvm-c/IRReader.h>
#include <string.h>

static LLVMContextRef ctx;
static LLVMModuleRef module;
static Arena *arena;

static LLVMValueRef parse(const char *text, const char *name) {
  ctx = LLVMContextCreate();
  arena = arena_new();
  LLVMMemoryBufferRef buf = LLVMCreateMemoryBufferWithMemoryRangeCopy(text, strlen(text), "test");
  char *message = NULL;
  LLVMBool failed = LLVMParseIRInContext(ctx, buf, &module, &message);
  ck_assert_msg(!failed, "%s", message ? message : "");
  return LLVMGetNamedFunction(module, name);
}

static void done(void) {
  LLVMDisposeModule(module);
  LLVMContextDispose(ctx);
  arena_free(arena);
}

static LLVMValueRef value(LLVMValueRef f, const char *name) {
  for (unsigned i = 0; i < LLVMCountParams(f); i++) {
    size_t len;
    if (strcmp(LLVMGetValueName2(LLVMGetParam(f, i), &len), name) == 0)
      return LLVMGetParam(f, i);
  }
  for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(f); b; b = LLVMGetNextBasicBlock(b))
    for (LLVMValueRef i = LLVMGetFirstInstruction(b); i; i = LLVMGetNextInstruction(i)) {
      size_t len;
      if (strcmp(LLVMGetValueName2(i, &len), name) == 0)
        return i;
    }
  ck_abort_msg("no value %s", name);
  return NULL;
}

static int block(Cfg *c, const char *name) {
  for (int i = 0; i < c->n; i++)
    if (strcmp(LLVMGetBasicBlockName(c->block[i]), name) == 0)
      return i;
  ck_abort_msg("no block %s", name);
  return -1;
}

static const char loop[] =
    "define i64 @f(i64 %n, i1 %c) {\n"
    "entry:\n  br label %head\n"
    "head:\n  %p = phi i64 [ 0, %entry ], [ %new, %latch ]\n"
    "  %made = add i64 %n, 1\n"
    "  %new = add i64 %made, 1\n  br i1 %c, label %latch, label %side\n"
    "side:\n  %q = add i64 %p, 1\n  br label %latch\n"
    "latch:\n  %last = add i64 %made, 1\n  br i1 %c, label %head, label %exit\n"
    "exit:\n  %r = add i64 %last, %made\n  ret i64 %r\n}\n";

START_TEST(cycles) {
  LLVMValueRef f = parse(loop, "f");
  Cfg *c = cfg_new(arena, f);
  ck_assert(!c->cyclic[block(c, "entry")]);
  ck_assert(c->cyclic[block(c, "head")]);
  ck_assert(c->cyclic[block(c, "side")]);
  ck_assert(!c->cyclic[block(c, "exit")]);
  done();
}
END_TEST

static const struct {
  const char *v, *at;
  bool live;
} lives[] = {
    {"n", "made", true},                             // used there in every round
    {"p", "made", true},                             // used in side
    {"p", "q", false},                               // only q itself uses it
    {"p", "last", false},                            // defined anew at the head
    {"made", "made", false},                         // defined anew
    {"made", "new", true},   {"new", "made", false}, // only the phi uses it
    {"new", "last", true},                           // through the back edge
    {"last", "made", false},                         // dead in the next round
    {"made", "r", false},    {"q", "last", false},   {"n", "r", false},
};

START_TEST(liveness) {
  LLVMValueRef f = parse(loop, "f");
  Cfg *c = cfg_new(arena, f);
  ck_assert_msg(cfg_live_at(arena, c, value(f, lives[_i].v), value(f, lives[_i].at)) ==
                    lives[_i].live,
                "%s at %s", lives[_i].v, lives[_i].at);
  done();
}
END_TEST

static const char gotos[] =
    "define void @f(i1 %c) {\nentry:\n  br i1 %c, label %a, label %b\n"
    "a:\n  %x = add i64 1, 2\n  br label %b\n"
    "b:\n  %y = phi i64 [ 0, %entry ], [ %x, %a ]\n  br i1 %c, label %a, label %exit\n"
    "exit:\n  ret void\n}\n";

START_TEST(irreducible) {
  LLVMValueRef f = parse(gotos, "f");
  Cfg *c = cfg_new(arena, f);
  ck_assert(c->cyclic[block(c, "a")]);
  ck_assert(c->cyclic[block(c, "b")]);
  ck_assert_int_eq(c->comp[block(c, "a")], c->comp[block(c, "b")]);
  done();
}
END_TEST

Suite *suite_cfg(void);
Suite *suite_cfg(void) {
  Suite *s = suite_create("cfg");
  TCase *t = tcase_create("cfg");
  tcase_add_test(t, cycles);
  tcase_add_loop_test(t, liveness, 0, (int)LEN(lives));
  tcase_add_test(t, irreducible);
  suite_add_tcase(s, t);
  return s;
}
