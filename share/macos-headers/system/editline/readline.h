/* editline/readline.h: the interface of readline that libedit has: -ledit.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_EDITLINE_READLINE_H
#define TENON_EDITLINE_READLINE_H

#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef int rl_command_func_t(int count, int key);
typedef char *rl_compentry_func_t(const char *text, int state);
typedef char **rl_completion_func_t(const char *text, int start, int end);
typedef void rl_vcpfunc_t(char *line);
typedef void rl_compdisp_func_t(char **matches, int count, int longest);
typedef int rl_hook_func_t(void);
typedef void rl_voidfunc_t(void);
typedef int rl_linebuf_func_t(const char *text, int index);
typedef void VCPFunction(char *text);
typedef char *CPFunction(const char *text, int state);
typedef char **CPPFunction(const char *text, int start, int end);
typedef int Function(const char *text, int count);

typedef void *histdata_t;

typedef struct _hist_entry {
  const char *line;
  histdata_t data;
} HIST_ENTRY;

typedef struct _hist_state {
  HIST_ENTRY **entries;
  int offset;
  int length;
  int size;
  int flags;
} HISTORY_STATE;

extern const char *rl_library_version;
extern int rl_readline_version;
extern const char *rl_readline_name;
extern FILE *rl_instream;
extern FILE *rl_outstream;
extern char *rl_line_buffer;
extern int rl_point;
extern int rl_end;
extern int rl_done;
extern char *rl_prompt;
extern int history_base;
extern int history_length;
extern int max_input_history;
extern const char *rl_basic_word_break_characters;
extern char *rl_completer_word_break_characters;
extern const char *rl_basic_quote_characters;
extern rl_compentry_func_t *rl_completion_entry_function;
extern int rl_completion_type;
extern int rl_completion_query_items;
extern const char *rl_special_prefixes;
extern int rl_completion_append_character;
extern int rl_inhibit_completion;
extern int rl_attempted_completion_over;

extern char *readline(const char *prompt);
extern int rl_initialize(void);
extern int rl_bind_key(int key, rl_command_func_t *function);
extern int rl_insert(int count, int key);
extern int rl_insert_text(const char *text);
extern int rl_complete(int ignore, int invoking_key);
extern char **rl_completion_matches(const char *text, rl_compentry_func_t *entry_func);
extern char *filename_completion_function(const char *text, int state);
extern char *username_completion_function(const char *text, int state);
extern void rl_redisplay(void);
extern int rl_read_key(void);
extern void rl_reset_terminal(const char *name);
extern void rl_callback_handler_install(const char *prompt, rl_vcpfunc_t *handler);
extern void rl_callback_read_char(void);
extern void rl_callback_handler_remove(void);
extern void rl_prep_terminal(int meta_flag);
extern void rl_deprep_terminal(void);
extern int rl_parse_and_bind(const char *line);
extern int rl_variable_bind(const char *name, const char *value);

extern void using_history(void);
extern int add_history(const char *line);
extern HIST_ENTRY *remove_history(int which);
extern HIST_ENTRY *replace_history_entry(int which, const char *line, histdata_t data);
extern void clear_history(void);
extern void stifle_history(int max);
extern int unstifle_history(void);
extern int history_is_stifled(void);
extern int where_history(void);
extern HIST_ENTRY *current_history(void);
extern HIST_ENTRY *history_get(int offset);
extern int history_set_pos(int pos);
extern HIST_ENTRY *previous_history(void);
extern HIST_ENTRY *next_history(void);
extern int history_search(const char *text, int direction);
extern int history_search_prefix(const char *text, int direction);
extern int history_search_pos(const char *text, int direction, int pos);
extern int read_history(const char *filename);
extern int write_history(const char *filename);
extern int history_truncate_file(const char *filename, int lines);
extern int history_expand(char *line, char **output);
extern char **history_tokenize(const char *line);

#ifdef __cplusplus
}
#endif
#endif
