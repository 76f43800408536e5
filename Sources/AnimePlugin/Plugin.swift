import AnimeCore
