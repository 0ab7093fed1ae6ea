// The notation in which the table of cmd/go's flags is written (go_flags.cpp).
#pragma once

#include <string_view>

namespace tenon {

// Whether the whole text matches. "[x]" may be left out, "(a|b)" is one of several, "{name}" is a
// class of text; both kinds of groups nest. Classes:
//   {id}      a name of C                      {names}  letters, digits and "_", or nothing
//   {arg}     text that does not begin with "@" or "-"
//   {some}    any text in one line             {map}    text without "@"
//   {value}   text without "@" and "-", or nothing; {value,} without "," too
//   {warning} text without "@" and ","         {part}   as {arg}, without ","
//   {path}    as {part}, without "@"           {list}   text without ","
//   {number}  digits                           {digits} digits or nothing
//   {alnum}   letters and digits               {model}  small letters, digits and "-"
//   {math}    small letters, digits, "," and "+", or nothing
//   {level}   small letters, digits and ".", or nothing; {version} digits and ".", or nothing
//   {kind}    small letters, digits, "-" and "+", or nothing
[[nodiscard]] bool matches_go_pattern(std::string_view pattern, std::string_view text);

}  // namespace tenon
