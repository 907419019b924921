// rtnames.h: in the unit tests the runtime's functions stand beside the compiler's: those with
// common names get another one.
#define fatal        rt_fatal
#define throw        rt_throw
#define type_string  rt_type_string
#define lock         rt_lock
#define unlock       rt_unlock
#define print_str    rt_print_str
#define print_int    rt_print_int
#define print_uint   rt_print_uint
#define print_lock   rt_print_lock
#define print_unlock rt_print_unlock
