// Tags and text of the XML that property lists are written in. Not for other folders.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "format/plist/plist.h"

namespace tenon::plist {

struct Tag {
  enum class Form { open, close, empty, end };  // end: of the input
  Form form = Form::end;
  std::string_view name;
  std::size_t offset = 0;
};

// Reads from left to right; every error is made here, so that all of them know their line.
class XmlScanner {
 public:
  XmlScanner(std::string_view text, Mode mode) : text_(text), mode_(mode) {}

  // What may stand before the first tag: a byte order mark (leniently), no other encoding.
  [[nodiscard]] Result<void, ParseError> start();
  // The next tag behind blanks, comments, declarations and processing instructions.
  [[nodiscard]] Result<Tag, ParseError> next();
  // The text up to the next tag, entities replaced.
  [[nodiscard]] Result<std::string, ParseError> text();
  // The same without replacing anything, for numbers, dates and base64.
  [[nodiscard]] Result<std::string_view, ParseError> raw_text();
  // Whether only blanks, comments and final NULs follow; else the error.
  [[nodiscard]] Result<void, ParseError> finish();

  [[nodiscard]] std::unexpected<ParseError> error(const char* what, std::size_t offset,
                                                  Fault fault = Fault::syntax,
                                                  std::string_view name = {}) const;
  [[nodiscard]] bool strict() const { return mode_ == Mode::strict; }
  [[nodiscard]] std::size_t offset() const { return at_; }
  // From now on a document type is an error.
  void root_began() { in_prolog_ = false; }

 private:
  [[nodiscard]] bool starts(std::string_view word) const {
    return text_.substr(at_).starts_with(word);
  }
  [[nodiscard]] bool blank(char c) const;
  void skip_blanks();
  [[nodiscard]] Result<void, ParseError> skip_misc();
  [[nodiscard]] Result<void, ParseError> skip_comment();
  [[nodiscard]] Result<void, ParseError> skip_instruction();
  [[nodiscard]] Result<void, ParseError> skip_declaration();
  [[nodiscard]] Result<Tag, ParseError> tag();
  [[nodiscard]] Result<void, ParseError> attributes(std::size_t tag_offset);
  [[nodiscard]] Result<void, ParseError> attribute();
  [[nodiscard]] std::string_view name();
  [[nodiscard]] Result<void, ParseError> entity(std::string& out);
  [[nodiscard]] Result<void, ParseError> character_reference(std::string_view digits,
                                                             std::string& out);
  [[nodiscard]] Result<void, ParseError> cdata(std::string& out);

  std::string_view text_;
  std::size_t at_ = 0;
  Mode mode_;
  bool in_prolog_ = true;
};

}  // namespace tenon::plist
