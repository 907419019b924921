// Calls through reflection: every way in which values reach registers, the stack and memory, and back; types made at run time.
package main

import (
	"encoding/json"
	"fmt"

	"reflect"
	"sort"
	"strings"
)

type W5 struct{ a, b, c, d, e int }
type T struct {
	Name string `json:"name"`
	Age  int    `json:"age,omitempty"`
	M    map[string][]float64
	P    *T
	I    any
}

func (t T) Hello(x int8, s string, w W5, f float32, g float64) (int8, string, float32) {
	return x + 1, s + t.Name, f + float32(g) + float32(w.e)
}
func (t *T) Set(n string, many ...int) (a, b, c, d, e int) {
	t.Name = n
	for _, v := range many {
		a += v
	}
	return a, 2, 3, 4, 5
}

type Sayer interface{ Say(a, b, c, d, e, f, g, h int, x float64) string }
type S struct{ p *int }

func (s S) Say(a, b, c, d, e, f, g, h int, x float64) string {
	return fmt.Sprint(*s.p, a, b, c, d, e, f, g, h, x)
}

func main() {
	t := T{Name: "bob"}
	v := reflect.ValueOf(t).Method(0)
	out := v.Call([]reflect.Value{reflect.ValueOf(int8(4)), reflect.ValueOf("hi "), reflect.ValueOf(W5{1, 2, 3, 4, 5}), reflect.ValueOf(float32(1.5)), reflect.ValueOf(2.25)})
	fmt.Println(out[0], out[1], out[2])
	pv := reflect.ValueOf(&t).MethodByName("Set")
	out = pv.Call([]reflect.Value{reflect.ValueOf("eve"), reflect.ValueOf(1), reflect.ValueOf(2)})
	fmt.Println(out[0], out[4], t.Name)
	f := pv.Interface().(func(string, ...int) (int, int, int, int, int))
	fmt.Println(f("zed", 5, 6, 7))
	h := v.Interface().(func(int8, string, W5, float32, float64) (int8, string, float32))
	fmt.Println(h(1, "x", W5{e: 9}, 0.5, 0.25))
	n := 7
	var sy Sayer = S{&n}
	sv := reflect.ValueOf(&sy).Elem().Method(0)
	g := sv.Interface().(func(a, b, c, d, e, f, g, h int, x float64) string)
	fmt.Println(g(1, 2, 3, 4, 5, 6, 7, 8, 9.5))
	ia := make([]reflect.Value, 9)
	for i := 0; i < 8; i++ {
		ia[i] = reflect.ValueOf(i)
	}
	ia[8] = reflect.ValueOf(3.25)
	fmt.Println(sv.Call(ia)[0])
	swap := func(in []reflect.Value) []reflect.Value { return []reflect.Value{in[1], in[0]} }
	var intSwap func(int, string) (string, int)
	fn := reflect.MakeFunc(reflect.TypeOf(intSwap), swap)
	reflect.ValueOf(&intSwap).Elem().Set(fn)
	fmt.Println(intSwap(1, "a"))
	fmt.Println(fn.Call([]reflect.Value{reflect.ValueOf(5), reflect.ValueOf("q")})[0])
	var big func(W5, float64, [3]int) (W5, [3]int)
	reflect.ValueOf(&big).Elem().Set(reflect.MakeFunc(reflect.TypeOf(big), func(in []reflect.Value) []reflect.Value {
		return []reflect.Value{in[0], in[2]}
	}))
	fmt.Println(big(W5{1, 2, 3, 4, 5}, 1, [3]int{7, 8, 9}))
	mt := reflect.MapOf(reflect.TypeOf(""), reflect.TypeOf(0))
	m := reflect.MakeMap(mt)
	for i := 0; i < 20; i++ {
		m.SetMapIndex(reflect.ValueOf(fmt.Sprint("k", i)), reflect.ValueOf(i))
	}
	mm := m.Interface().(map[string]int)
	fmt.Println(len(mm), mm["k7"])
	keys := m.MapKeys()
	sort.Slice(keys, func(i, j int) bool { return keys[i].String() < keys[j].String() })
	fmt.Println(keys[0], len(keys))
	st := reflect.StructOf([]reflect.StructField{{Name: "A", Type: reflect.TypeOf(0), Tag: `json:"a"`}, {Name: "B", Type: reflect.TypeOf([]string{})}})
	sv2 := reflect.New(st).Elem()
	sv2.Field(0).SetInt(3)
	sv2.Field(1).Set(reflect.ValueOf([]string{"x", "y"}))
	b, err := json.Marshal(sv2.Interface())
	fmt.Println(string(b), err)
	fmt.Printf("%v %+v %T\n", sv2.Interface(), sv2.Interface(), sv2.Interface())
	at := reflect.ArrayOf(5, reflect.TypeOf(t))
	fmt.Println(at, reflect.SliceOf(at), reflect.PointerTo(at), reflect.FuncOf([]reflect.Type{at}, nil, false), reflect.ChanOf(reflect.BothDir, at))
	src := `{"name":"x","age":3,"M":{"a":[1,2.5],"b":null},"P":{"name":"y"},"I":[1,"two",null,{"k":true}]}`
	var u T
	if err := json.Unmarshal([]byte(src), &u); err != nil {
		fmt.Println(err)
	}
	b, _ = json.MarshalIndent(u, "", " ")
	fmt.Println(string(b))
	fmt.Println(strings.ToUpper("done"), reflect.DeepEqual(u, u))
	ch := reflect.MakeChan(reflect.TypeOf(make(chan int)), 1)
	ch.Send(reflect.ValueOf(5))
	x, ok := ch.Recv()
	fmt.Println(x, ok)
	i, _, _ := reflect.Select([]reflect.SelectCase{{Dir: reflect.SelectDefault}})
	fmt.Println(i)
	sl := reflect.ValueOf(&[]int{1, 2}).Elem()
	sl.Set(reflect.Append(sl, reflect.ValueOf(3)))
	fmt.Println(sl, sl.Cap())
}
