package main

import (
	"database/sql"
	"fmt"
	"strings"

	"github.com/mattn/go-sqlite3"
)

// Entry is one line of the book.
type Entry struct {
	Day   string
	Cents int
	Text  string
}

var entries = []Entry{
	{"2025-03-01", 450, "coffee and a roll at the station"},
	{"2025-03-01", 2890, "train to the coast and back"},
	{"2025-03-02", 1275, "two tickets for the lighthouse"},
	{"2025-03-03", 640, "coffee beans from the corner shop"},
	{"2025-03-04", 9900, "repair of the bicycle"},
}

// Book is a ledger in memory with a full text index.
type Book struct{ db *sql.DB }

func openBook() (*Book, error) {
	db, err := sql.Open("sqlite3", ":memory:")
	if err != nil {
		return nil, err
	}
	// Each connection to :memory: would be a book of its own.
	db.SetMaxOpenConns(1)
	book := &Book{db}
	if err := book.fill(); err != nil {
		db.Close()
		return nil, err
	}
	return book, nil
}

func (b *Book) fill() error {
	const table = `CREATE VIRTUAL TABLE entry USING fts5(day UNINDEXED, cents UNINDEXED, text)`
	if _, err := b.db.Exec(table); err != nil {
		return fmt.Errorf("full text table (built with -tags sqlite_fts5?): %w", err)
	}
	for _, e := range entries {
		if _, err := b.db.Exec(`INSERT INTO entry VALUES (?, ?, ?)`, e.Day, e.Cents, e.Text); err != nil {
			return err
		}
	}
	return nil
}

// Search returns the entries that hold the word, oldest first.
func (b *Book) Search(word string) ([]Entry, error) {
	const query = `SELECT day, cents, text FROM entry WHERE entry MATCH ? ORDER BY day`
	rows, err := b.db.Query(query, quoted(word))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var hits []Entry
	for rows.Next() {
		var e Entry
		if err := rows.Scan(&e.Day, &e.Cents, &e.Text); err != nil {
			return nil, err
		}
		hits = append(hits, e)
	}
	return hits, rows.Err()
}

// quoted makes a literal of what would else be FTS5 syntax.
func quoted(word string) string { return `"` + strings.ReplaceAll(word, `"`, `""`) + `"` }

// Version is that of the SQLite library that was compiled in.
func (b *Book) Version() string {
	version, _, _ := sqlite3.Version()
	return version
}

// Close gives the memory back.
func (b *Book) Close() error { return b.db.Close() }
