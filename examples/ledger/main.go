// Ledger is a small program with everything that makes a cgo program hard to cross compile: a C
// library in the module (SQLite with FTS5), net/http over TLS, and os/user.
//
//	ledger                tests itself and says what it found
//	ledger --query WORD   prints the entries that hold WORD
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/user"
	"runtime"
)

func main() {
	query := flag.String("query", "", "print the entries that hold `WORD`")
	flag.Parse()
	if err := run(os.Stdout, *query); err != nil {
		fmt.Fprintln(os.Stderr, "ledger:", err)
		os.Exit(1)
	}
}

func run(out io.Writer, query string) error {
	book, err := openBook()
	if err != nil {
		return err
	}
	defer book.Close()
	if query != "" {
		return printHits(out, book, query)
	}
	return selfTest(out, book)
}

func printHits(out io.Writer, book *Book, query string) error {
	hits, err := book.Search(query)
	if err != nil {
		return err
	}
	for _, hit := range hits {
		fmt.Fprintf(out, "%s  %8.2f  %s\n", hit.Day, float64(hit.Cents)/100, hit.Text)
	}
	return nil
}

func selfTest(out io.Writer, book *Book) error {
	fmt.Fprintf(out, "ledger on %s/%s, %s, for %s\n",
		runtime.GOOS, runtime.GOARCH, runtime.Version(), userName())
	hits, err := book.Search("coffee")
	if err != nil {
		return err
	}
	if len(hits) != 2 {
		return fmt.Errorf("search for coffee: %d entries, want 2", len(hits))
	}
	fmt.Fprintf(out, "sqlite %s: %d of %d entries hold \"coffee\"\n",
		book.Version(), len(hits), len(entries))

	total, err := fetchTotal(hits)
	if err != nil {
		return err
	}
	if total.Cents != 1090 {
		return fmt.Errorf("total over TLS: %d cents, want 1090", total.Cents)
	}
	fmt.Fprintf(out, "%s: they come to %.2f\n", total.Protocol, float64(total.Cents)/100)
	fmt.Fprintln(out, "ok")
	return nil
}

// userName asks the system's user database; a container often has no entry for its user.
func userName() string {
	me, err := user.Current()
	var unknown user.UnknownUserIdError
	switch {
	case err == nil && me.Username != "":
		return me.Username
	case errors.As(err, &unknown):
		return fmt.Sprintf("user number %d", int(unknown))
	default:
		return fmt.Sprintf("user number %d", os.Getuid())
	}
}
