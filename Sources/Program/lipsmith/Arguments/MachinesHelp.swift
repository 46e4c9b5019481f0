/// The help of the commands for installations of several machines.
enum MachinesHelp {
    static let work = """
        A node: a process that works for an installation of several machines and serves no interface. Any number of them may
        run, all alike. It tells how it is at /ready and /metrics of its own port, and logs to standard error.

          lipsmith work --port 8081
          lipsmith work --roles render --render-slots 4
          lipsmith work --roles speak,deliver

        It takes every setting of `lipsmith serve`, as options or as variables (docs/configuration.md). It needs
        --database-url, and --blobs-url unless all machines share one data folder.

        Stop it with Ctrl-C or SIGTERM: it begins nothing more, its jobs go on for shutdown-seconds, and what is left of
        them is handed back to the queue unharmed.

        Exit codes: 0 stopped, 1 failed, 2 wrong setting, 3 something is not installed.
        """

    static let nodes = """
        The processes that work for an installation: where, since when, on what, and on how many jobs now.

          lipsmith nodes
          lipsmith nodes --json

        Options:
          --data FOLDER   the server's data folder (lipsmith-data), where LIPSMITH_DATABASE_URL names no database
          --json          one JSON object a line

        One that was killed is shown for half a minute more.
        """

    static let migrate = """
        Carries an installation to another place, and compares: keys, jobs, assets, files, everything. Its servers and nodes
        are stopped meanwhile. The old place stays as it is. It may be ended and begun again.

          lipsmith migrate --from lipsmith-data --to postgres://lips@db/lips,s3://media/lips?region=eu-central-1
          lipsmith migrate --from postgres://lips@db/lips,s3://media/lips --to lipsmith-data

        Needed:
          --from PLACE   a data folder, or a database and a bucket with a comma between, or a folder and one of them
          --to PLACE     the same; an empty place, or one that an earlier run has begun

        The database's password is read from LIPSMITH_DATABASE_PASSWORD_FILE, the bucket's key from AWS_…, as by
        `lipsmith serve`. Uploads that are still arriving in pieces stay behind.

        Exit codes: 0 everything is there and equal, 1 something is missing or differs, 2 wrong command line.
        """
}
