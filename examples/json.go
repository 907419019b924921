// Values to JSON and back: tags, nesting, maps, embedded structures, errors.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strings"
)

type Address struct {
	Street string `json:"street"`
	Zip    string `json:"zip,omitempty"`
}

type Person struct {
	Name    string            `json:"name"`
	Age     int               `json:"age"`
	Emails  []string          `json:"emails"`
	Extra   map[string]any    `json:"extra,omitempty"`
	Labels  map[string]string `json:"labels"`
	Boss    *Person           `json:"boss"`
	private int
	Address
}

func main() {
	in := Person{
		Name:    "Alice <a@b>",
		Age:     30,
		Emails:  []string{"alice@example.com", "al@example.org"},
		Extra:   map[string]any{"pi": 3.25, "list": []any{1.0, "two", nil, true}},
		Labels:  map[string]string{"z": "last", "a": "first"},
		Boss:    &Person{Name: "Bob"},
		Address: Address{Street: "Main St. 1"},
	}
	text, err := json.MarshalIndent(in, "", "  ")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(string(text))

	var out Person
	if err := json.Unmarshal(text, &out); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("round trip equal:", reflect.DeepEqual(in, out))

	dec := json.NewDecoder(strings.NewReader(`{"name": "Eve", "age": "old"}`))
	fmt.Println("error:", dec.Decode(&out))
	fmt.Println("error:", json.Unmarshal([]byte(`{"name": "Eve",}`), &out))
}
