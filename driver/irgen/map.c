// map.c: maps: reading, assigning, deleting. Keys of 4 and 8 byte integers and strings have
// functions of their own in the runtime.
#include "driver/irgen/gen.h"

typedef enum MapFast { MAP_SLOW, MAP_32, MAP_64, MAP_STR } MapFast;
enum { MAX_FAST_ELEM = 128, ZERO_VAL = 1024 }; // bytes
enum { MAP_WORDS = 9 };                        // of the runtime's map, its table apart

static MapFast map_fast(Type *m) {
  if (type_size(m->map.elem) > MAX_FAST_ELEM)
    return MAP_SLOW;
  Type *k = under(m->map.key);
  if (k->kind == TYPE_STRING)
    return MAP_STR;
  if (k->kind < TYPE_INT || k->kind > TYPE_UINTPTR)
    return MAP_SLOW;
  return type_size(k) == 4 ? MAP_32 : type_size(k) == 8 ? MAP_64 : MAP_SLOW;
}

// Calls the map function `op` ("mapaccess1") in the form that the key has.
static VRef map_call(Fn *f, const char *op, Value m, Value key) {
  static const char *const suffix[] = {
      [MAP_SLOW] = "", [MAP_32] = "_fast32", [MAP_64] = "_fast64", [MAP_STR] = "_faststr"};
  Type *t = under(m.type);
  MapFast fast = map_fast(t);
  VRef args[4] = {type_desc(f->g, m.type), m.v[0]};
  int n = 3;
  if (fast == MAP_SLOW) {
    args[2] = value_addr(f, key);
  } else if (fast == MAP_STR) {
    args[2] = key.v[0], args[3] = key.v[1];
    n = 4;
  } else {
    args[2] = rt_ext(f, key);
  }
  return rt_call(f, atom_printf("%s%s", op, suffix[fast]), args, n);
}

// An element larger than runtime.zeroVal: a zero of the caller's stands for a missing one.
static Value read_large(Fn *f, Value m, Value key, VRef *ok) {
  Type *elem = under(m.type)->map.elem;
  VRef pair = map_call(f, "mapaccess2", m, key);
  VRef found = rt_bool(f, rt_word(f, pair, 1));
  Value zero = value_zero(f, elem);
  if (ok)
    *ok = found;
  return value_mem(elem, LLVMBuildSelect(f->b, found, rt_word(f, pair, 0), value_addr(f, zero), ""),
                   false);
}

Value map_read(Fn *f, Value m, Value key, VRef *ok) {
  Type *elem = under(m.type)->map.elem;
  if (type_size(elem) > ZERO_VAL)
    return read_large(f, m, key, ok);
  if (!ok)
    return load_value(f, elem, map_call(f, "mapaccess1", m, key));
  VRef pair = map_call(f, "mapaccess2", m, key);
  *ok = rt_bool(f, rt_word(f, pair, 1));
  return load_value(f, elem, rt_word(f, pair, 0));
}

VRef map_elem(Fn *f, Value m, Value key) {
  return map_call(f, "mapassign", m, key);
}

void map_delete(Fn *f, Value m, Value key) {
  RT_CALL(f, "mapdelete", type_desc(f->g, m.type), m.v[0], value_addr(f, key));
}

Value make_map(Fn *f, Type *t, VRef hint, const char *text) {
  VRef m = RT_CALL(f, "makemap", type_desc(f->g, t), hint ? hint : const_i64(f->g, 0),
                   alloc_buf(f, TYPE_UNSAFEPOINTER, MAP_WORDS));
  if (LLVMIsACallInst(m))
    tag_alloc(f, m, "map", text, t);
  return value_scalar(t, m);
}

// len of a map or channel (at: 0), cap of a channel (8): a word of it, 0 for nil.
VRef counted_word(Fn *f, VRef p, int64_t at) {
  Gen *g = f->g;
  BRef some = block_new(f, "len.some"), done = block_new(f, "len"),
       start = LLVMGetInsertBlock(f->b);
  block_cond(f, LLVMBuildICmp(f->b, LLVMIntEQ, p, const_null(g), ""), done, some);
  block_start(f, some);
  VRef n = LLVMBuildLoad2(f->b, g->i64, ptr_add(f, p, at), "");
  BRef from[] = {start, LLVMGetInsertBlock(f->b)};
  block_br(f, done);
  block_start(f, done);
  VRef phi = LLVMBuildPhi(f->b, g->i64, "len"), vals[] = {const_i64(g, 0), n};
  LLVMAddIncoming(phi, vals, from, 2);
  return phi;
}
