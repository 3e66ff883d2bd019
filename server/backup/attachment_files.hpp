// The files of attachments, kept by hash: store/ab/cdef… In a backup they lie under the same names, so that
// each is copied once, however many backups name it; sealed ones end in ".sealed".
#pragma once

#include <string>
#include <vector>

#include "server/backup/dump_reader.hpp"
#include "server/backup/seal.hpp"
#include "shared/core/result.hpp"

namespace dits {

struct AttachmentPlaces {
  std::string store;   // data directory/attachments
  std::string backup;  // backups/attachments
};

// Puts what is missing there into the backup: a hard link where the disk allows it, else a copy; sealed when
// there is a passphrase. What is put is read and compared with its hash. Answers with the hashes that the
// store does not hold unharmed. Errors: unavailable.
Result<std::vector<std::string>> back_up_attachments(const AttachmentPlaces& places,
                                                     const std::vector<DumpedAttachment>& attachments,
                                                     SealKeys& keys);

// Puts what is missing in the store back from the backup, each compared with its hash; answers with the
// hashes that neither place holds unharmed. Nothing is ever taken away from the store. Errors: unavailable;
// invalid, kind "passphrase".
Result<std::vector<std::string>> restore_attachments(const AttachmentPlaces& places,
                                                     const std::vector<DumpedAttachment>& attachments,
                                                     SealKeys& keys);

// Removes from the backup what none of `wanted` names.
void remove_unwanted_attachments(const std::string& backup, const std::vector<std::string>& wanted);

}  // namespace dits
