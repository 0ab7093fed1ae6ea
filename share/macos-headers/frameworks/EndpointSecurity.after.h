
#ifdef __BLOCKS__
TENON_DECLARATIONS_BEGIN
typedef void (^es_handler_block_t)(es_client_t *client, const es_message_t *message);
extern es_new_client_result_t es_new_client(es_client_t **client, es_handler_block_t handler);
TENON_DECLARATIONS_END
#endif
