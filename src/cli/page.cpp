#include "cli/page.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/columns.h"
#include "base/shown.h"
#include "base/text.h"

namespace tenon {
namespace {

constexpr std::size_t least_width = 40;

Shown blanks(std::size_t count) {
  Shown out;
  for (std::size_t i = 0; i < count; ++i) out += " ";
  return out;
}

// One word of a paragraph as it is shown, and how wide that is.
struct Word {
  Shown text;
  std::size_t columns = 0;
};

Shown laid_out(const std::vector<Word>& words, std::size_t width, std::size_t indent,
               std::size_t used) {
  width = std::max(width, least_width);
  Shown out;
  std::size_t column = used;
  bool first = true;
  for (const Word& word : words) {
    if (!first && column + 1 + word.columns > width) {
      out += "\n" + blanks(indent);
      column = indent;
    } else if (!first) {
      out += " ";
      ++column;
    }
    out += word.text;
    column += word.columns;
    first = false;
  }
  return out;
}

std::vector<Word> plain_words(std::string_view text) {
  std::vector<Word> out;
  for (const std::string_view word : split_words(text))
    out.push_back({Shown::of(word), columns_of(word)});
  return out;
}

// Words with `code` in a colour, its quotes left out; without colours they stay.
std::vector<Word> marked_words(std::string_view text, const PageStyle& style) {
  if (!style.colour) return plain_words(text);
  std::vector<Word> out;
  bool in_code = false;
  for (const std::string_view word : split_words(text)) {
    Word shown;
    for (std::size_t at = 0; at <= word.size();) {
      const std::size_t end = std::min(word.find('`', at), word.size());
      const std::string_view piece = word.substr(at, end - at);
      shown.text +=
          in_code && !piece.empty() ? shown_format("\x1b[36m{}\x1b[0m", piece) : Shown::of(piece);
      shown.columns += columns_of(piece);
      if (end < word.size()) in_code = !in_code;
      at = end + 1;
    }
    out.push_back(shown);
  }
  return out;
}

// What begins a line of a list: "- ", "* ", "12. "; its length, with the blanks before it.
std::size_t list_mark(std::string_view line) {
  const std::size_t start = std::min(line.find_first_not_of(' '), line.size());
  const std::string_view rest = line.substr(start);
  if (rest.starts_with("- ") || rest.starts_with("* ")) return start + 2;
  const std::size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
  if (digits > 0 && rest.substr(digits).starts_with(". ")) return start + digits + 2;
  return 0;
}

bool is_blank(std::string_view line) { return trim(line).empty(); }

class Markdown {
 public:
  explicit Markdown(const PageStyle& style) : style_(style) {}

  Shown render(std::string_view page) {
    for (const std::string_view line : split(page, '\n')) take(line);
    end_block();
    return out_;
  }

 private:
  void take(std::string_view line) {
    if (line.starts_with("```")) {
      end_block();
      fenced_ = !fenced_;
      return;
    }
    if (fenced_) return verbatim("    ", line);
    if (is_blank(line)) {
      end_block();
      after_blank_ = true;
      return;
    }
    if (line.starts_with("#")) return heading(line);
    if (line.starts_with("|") || (block_.empty() && line.starts_with("    "))) {
      end_block();
      return verbatim("", line);
    }
    if (const std::size_t mark = list_mark(line)) {
      end_block();
      mark_ = line.substr(0, mark);
      line.remove_prefix(mark);
    }
    block_ += block_.empty() ? "" : " ";
    block_ += line;
  }

  void separate() {
    if (after_blank_ && !out_.empty()) out_ += "\n";
    after_blank_ = false;
  }

  void verbatim(const Shown& indent, std::string_view line) {
    separate();
    out_ += Shown::lines_of(line, indent) + "\n";
  }

  void heading(std::string_view line) {
    end_block();
    separate();
    out_ += bold(Shown::of(trim(line.substr(line.find_first_not_of('#')))), style_) + "\n";
  }

  void end_block() {
    if (block_.empty()) return;
    separate();
    const std::size_t indent = columns_of(mark_);
    out_ += Shown::of(mark_) +
            laid_out(marked_words(block_, style_), style_.width, indent, indent) + "\n";
    block_.clear();
    mark_.clear();
  }

  PageStyle style_;
  Shown out_;
  std::string block_;  // of a paragraph or an item, in one line
  std::string mark_;   // of the item
  bool fenced_ = false;
  bool after_blank_ = false;
};

}  // namespace

Shown wrapped(std::string_view text, std::size_t width, std::size_t indent, std::size_t used) {
  return laid_out(plain_words(text), width, indent, used);
}

Shown paragraphs(std::string_view text, const PageStyle& style) {
  Shown out;
  std::string block;
  const auto end = [&] {
    if (!block.empty()) out += wrapped(block, style.width) + "\n";
    block.clear();
  };
  for (const std::string_view line : split(text, '\n')) {
    if (line.empty() || line.starts_with(' ')) {
      end();
      out += Shown::lines_of(line) + "\n";
      continue;
    }
    block += block.empty() ? "" : " ";
    block += line;
  }
  end();
  return out;
}

Shown rendered_markdown(std::string_view page, const PageStyle& style) {
  return Markdown(style).render(page);
}

Shown bold(const Shown& text, const PageStyle& style) {
  return style.colour ? shown_format("\x1b[1m{}\x1b[0m", text) : text;
}

}  // namespace tenon
