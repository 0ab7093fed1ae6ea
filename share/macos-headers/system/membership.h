/* membership.h: users and groups by UUID.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_MEMBERSHIP_H
#define TENON_MEMBERSHIP_H

#include <sys/types.h>
#include <uuid/uuid.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ID_TYPE_UID 0
#define ID_TYPE_GID 1
#define ID_TYPE_SID 3
#define ID_TYPE_USERNAME 4
#define ID_TYPE_GROUPNAME 5
#define ID_TYPE_UUID 6
#define ID_TYPE_GROUP_NFS 7
#define ID_TYPE_USER_NFS 8
#define ID_TYPE_GSS_EXPORT_NAME 10
#define ID_TYPE_X509_DN 11
#define ID_TYPE_KERBEROS 12

extern int mbr_uid_to_uuid(uid_t id, uuid_t uu);
extern int mbr_gid_to_uuid(gid_t id, uuid_t uu);
extern int mbr_uuid_to_id(const uuid_t uu, uid_t *id, int *id_type);
extern int mbr_check_membership(const uuid_t user, const uuid_t group, int *ismember);
extern int mbr_check_service_membership(const uuid_t user, const char *servicename, int *ismember);
extern int mbr_identifier_to_uuid(int id_type, const void *identifier, size_t identifier_size,
                                  uuid_t uu);
extern int mbr_uuid_to_string(const uuid_t uu, char *string);
extern int mbr_string_to_uuid(const char *string, uuid_t uu);

#ifdef __cplusplus
}
#endif
#endif
