// A report from a template: text/template calls methods and functions by reflection.
package main

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"text/template"
)

type Book struct {
	Title  string
	Author string
	Year   int
	Tags   []string
}

func (b Book) Old() bool                 { return b.Year < 1950 }
func (b *Book) Cite(style string) string { return fmt.Sprintf("%s: %s, %d", style, b.Title, b.Year) }

const report = `{{define "tags"}}{{range $i, $t := .}}{{if $i}}, {{end}}{{$t | upper}}{{else}}none{{end}}{{end -}}
{{range .}}{{.Author | printf "%-12s"}} {{.Title | printf "%q"}}{{if .Old}} (old){{end}} [{{template "tags" .Tags}}]
  {{.Cite "cf."}}{{with index .Tags 0}} first {{.}}, {{len .}} letters{{end}}
{{end}}{{len .}} books
`

func main() {
	books := []*Book{
		{"Ulysses", "James Joyce", 1922, []string{"novel", "dublin"}},
		{"Dune", "Frank Herbert", 1965, []string{"sand"}},
	}
	funcs := template.FuncMap{"upper": strings.ToUpper}
	t := template.Must(template.New("report").Funcs(funcs).Parse(report))
	if err := t.Execute(os.Stdout, books); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	re := regexp.MustCompile(`(\w+) (\w+)`)
	for _, b := range books {
		fmt.Println(re.ReplaceAllString(b.Author, "$2, $1"), re.FindStringSubmatchIndex(b.Author))
	}
}
