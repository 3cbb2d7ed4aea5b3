from yutang.cli.main import main

main()
