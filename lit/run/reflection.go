// reflect over goc's descriptors: kinds, fields, methods, calls, made functions, maps, channels, deep equality.
package main

import (
	"fmt"
	"reflect"
	"sort"
)

type Inner struct{ A, B int }
type T struct {
	Name  string `k:"v" json:"name"`
	N     int8
	F     float64
	In    Inner
	P     *Inner
	S     []string
	M     map[string]int
	Fn    func(int) string
	I     any
	inner bool
}

func (t T) Hello(who string, n int) (string, error)  { return fmt.Sprint("hi ", who, n, t.Name), nil }
func (t *T) Set(n int8)                              { t.N = n }
func (t T) Variadic(xs ...float64) int               { return len(xs) }
func (t T) Big(in Inner, arr [3]int) (Inner, [3]int) { arr[0]++; return Inner{in.B, in.A}, arr }

type Adder interface{ Add(int, int) int }

func main() {
	t := T{Name: "x", In: Inner{1, 2}, S: []string{"a"}, M: map[string]int{"k": 1}}
	rt := reflect.TypeOf(t)
	fmt.Println(rt, rt.Kind(), rt.NumField(), rt.NumMethod(), reflect.PointerTo(rt).NumMethod(), rt.Size(), rt.Comparable())
	for i := 0; i < rt.NumField(); i++ {
		f := rt.Field(i)
		fmt.Println(f.Name, f.Type, f.Offset, f.Tag.Get("k"), f.IsExported())
	}
	v := reflect.ValueOf(&t)
	for i := 0; i < v.NumMethod(); i++ {
		fmt.Println(v.Type().Method(i).Name, v.Method(i).Type())
	}
	out := v.MethodByName("Hello").Call([]reflect.Value{reflect.ValueOf("bob"), reflect.ValueOf(3)})
	fmt.Println(out[0], out[1].IsNil())
	v.MethodByName("Set").Call([]reflect.Value{reflect.ValueOf(int8(9))})
	fmt.Println(t.N, v.MethodByName("Variadic").Call([]reflect.Value{reflect.ValueOf(1.0), reflect.ValueOf(2.0)})[0].Int())
	res := v.MethodByName("Big").Call([]reflect.Value{reflect.ValueOf(Inner{3, 4}), reflect.ValueOf([3]int{1, 2, 3})})
	fmt.Println(res[0], res[1])
	v.Elem().FieldByName("F").SetFloat(2.5)
	v.Elem().Field(3).Field(0).SetInt(77)
	v.Elem().FieldByName("P").Set(reflect.New(reflect.TypeOf(Inner{})))
	fmt.Println(t.F, t.In, *t.P)
	swap := reflect.MakeFunc(reflect.TypeOf(func(int, string) (string, int) { return "", 0 }), func(args []reflect.Value) []reflect.Value {
		return []reflect.Value{args[1], args[0]}
	}).Interface().(func(int, string) (string, int))
	fmt.Println(swap(5, "five"))
	m := reflect.MakeMap(reflect.MapOf(reflect.TypeOf(""), reflect.TypeOf(0)))
	m.SetMapIndex(reflect.ValueOf("z"), reflect.ValueOf(26))
	m.SetMapIndex(reflect.ValueOf("a"), reflect.ValueOf(1))
	keys := m.MapKeys()
	sort.Slice(keys, func(i, j int) bool { return keys[i].String() < keys[j].String() })
	fmt.Println(keys, m.Len(), m.MapIndex(reflect.ValueOf("z")), m.Type())
	s := reflect.Append(reflect.ValueOf([]int{1}), reflect.ValueOf(2))
	fmt.Println(s, s.Slice(1, 2), reflect.SliceOf(reflect.TypeOf(t)), reflect.ArrayOf(3, reflect.TypeOf(1)))
	st := reflect.StructOf([]reflect.StructField{{Name: "X", Type: reflect.TypeOf(0)}, {Name: "Y", Type: reflect.TypeOf(""), Tag: `json:"y"`}})
	sv := reflect.New(st).Elem()
	sv.Field(0).SetInt(4)
	fmt.Printf("%v %+v %T\n", st, sv, sv.Interface())
	c := reflect.MakeChan(reflect.TypeOf(make(chan int)), 1)
	c.Send(reflect.ValueOf(8))
	got, ok := c.Recv()
	fmt.Println(got, ok)
	i, x, _ := reflect.Select([]reflect.SelectCase{{Dir: reflect.SelectRecv, Chan: c}, {Dir: reflect.SelectDefault}})
	fmt.Println(i, x.IsValid())
	fmt.Println(reflect.DeepEqual(map[string][]int{"a": {1}}, map[string][]int{"a": {1}}), reflect.DeepEqual(t, T{}), reflect.DeepEqual([]any{1, nil}, []any{1, nil}))
	adder := reflect.TypeOf((*Adder)(nil)).Elem()
	fmt.Println(adder, adder.Kind(), adder.NumMethod(), adder.Method(0).Type, reflect.TypeOf(t).Implements(adder))
	fmt.Println(reflect.TypeOf(swap), reflect.TypeOf(map[[2]bool]chan<- error{}), reflect.TypeOf(struct{ a, B int }{}), reflect.TypeFor[error]())
	fmt.Println(reflect.ValueOf(3).Convert(reflect.TypeOf(1.5)), reflect.Zero(rt).Field(1), reflect.Indirect(v).Type().PkgPath(), rt.String(), rt.Name())
	defer func() { fmt.Println(recover()) }()
	reflect.ValueOf(t).Field(0).SetString("no")
}
