// SQLite as Swift sees it.
//
// Everything is imported as it is, except what C says with a cast in a macro. Each wrapper says why it exists and when it
// can go. Own symbols begin with `lipsmith_sqlite_`.
#pragma once

#include <sqlite3.h>

// SQLITE_TRANSIENT casts -1 to a function pointer, which Swift does not import: the library copies the bytes at once, so
// that a Swift string or array need not outlive the call. Both can go when Swift imports casts in macros.
static inline int lipsmith_sqlite_bind_text(sqlite3_stmt *statement, int index, const char *text, sqlite3_uint64 length) {
    return sqlite3_bind_text64(statement, index, text, length, SQLITE_TRANSIENT, SQLITE_UTF8);
}
static inline int lipsmith_sqlite_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, sqlite3_uint64 length) {
    // A null pointer would bind NULL where an empty blob is meant.
    return sqlite3_bind_blob64(statement, index, length == 0 ? "" : bytes, length, SQLITE_TRANSIENT);
}
