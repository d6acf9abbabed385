# Which addresses are mailing lists, and where they live: the lookup of an iRedMail host with PostgreSQL.
# maillists.transport holds "mlmmj:example.com/news" for news@example.com. A list counts while it and its
# domain are active.
#
# Used in main.cf: transport_maps = proxy:pgsql:/etc/postfix/pgsql/transport_maps_maillist.cf
# The file holds a password: owner root, group postfix, mode 0640.
# With the database down Postfix defers mail, it does not refuse it.

user        = vmail
password    = REPLACE-WITH-THE-PASSWORD-OF-THE-SQL-USER-vmail
hosts       = 127.0.0.1:5432
dbname      = vmail
query       = SELECT maillists.transport
                FROM maillists, domain
               WHERE maillists.address = '%s'
                 AND maillists.active = 1
                 AND maillists.domain = domain.domain
                 AND domain.active = 1
