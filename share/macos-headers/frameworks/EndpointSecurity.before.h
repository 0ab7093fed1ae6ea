// A client is opaque.
typedef struct es_client_s es_client_t;
